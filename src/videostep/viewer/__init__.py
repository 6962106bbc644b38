"""The report: one page that shows what was seen, what was asked, and what each answer rests on."""
