"""The workers on Kafka: what the Faust apps of all stages share, and what each stage does with its messages."""
