"""A little vendor: deposits attendance from CSV files, follows the feed, receives webhooks, shows figures."""
