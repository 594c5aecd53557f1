"""The L2MU of github.com/neuromorphic-polito/L2MU-Braille."""
