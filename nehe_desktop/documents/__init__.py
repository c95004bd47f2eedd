"""The one face that knows ReportLab: fonts, typesetting, official pages, forms and listings as PDF."""
