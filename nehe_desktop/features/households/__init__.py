"""Households, their members and the dated categories they carry."""
