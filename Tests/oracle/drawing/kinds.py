"""Names of what is drawn."""


ENCODINGS = ("binary", "ternary", "int4", "int8", "int16")
JOINS = ("add", "left", "right", "multiplier")
KINDS = ("spikes", "graded", "analog", "wide")
LENGTHS = ("1", "few", "many")  # of histories, in frames
