"""The pages of the site: each takes what was asked and gives what is answered."""
