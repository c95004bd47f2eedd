"""The subjects of `bench`, one module each; every one gives measures with their budgets."""
