"""Learning the weights of deals from the marked articles of the corpus."""
