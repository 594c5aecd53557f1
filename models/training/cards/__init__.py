"""What the model cards show: their tables and pictures."""
