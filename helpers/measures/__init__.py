"""What a rule does to a network, measured."""
