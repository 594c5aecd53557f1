"""Tests of the oracle: python3 -m pytest -q Tests/oracle"""
