"""The EC2 metadata service and the CloudStack virtual router, simulated, with faults on request.

A tool for tests, rehearsals and template authors who have no cloud at hand. It is a server: nothing in it
contacts anything, and nothing on the path of a real first boot imports it.
"""
