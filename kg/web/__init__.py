"""The web site and the SPARQL endpoint."""
