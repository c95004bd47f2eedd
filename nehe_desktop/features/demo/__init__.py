"""Made-up data: one village to try the program in, and a whole county with the article's totals."""
