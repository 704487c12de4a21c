"""Providers of services: accreditation, their people and devices, the public register."""
