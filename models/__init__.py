"""The pure core: values in, values out; time and chance are passed in."""
