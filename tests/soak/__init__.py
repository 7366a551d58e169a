"""What takes too long for every change, with counts: `make soak`."""
