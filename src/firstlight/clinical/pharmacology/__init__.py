"""What a dose does over time: linear compartment systems, published models, populations."""
