"""Networks that others trained, as NIR files."""
