"""What people see, and the wiring: commands, cards, front ends, settings, the composition root."""
