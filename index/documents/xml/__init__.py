"""Articles, laws and prose in XML become parts."""
