"""Leave and its return: applications, opinions of each level, the paper D03 (domain §8.4)."""
