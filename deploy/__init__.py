"""What is run beside the code, and what others build on."""
