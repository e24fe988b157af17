"""Other packages' names for what is here."""
