"""What every op of the oracle stands on: statuses, fields of records, slots, arrays in data, the arithmetic."""
