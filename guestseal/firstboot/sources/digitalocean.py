"""The metadata service of DigitalOcean Droplets.

The Droplet's id, its name and its SSH keys stand in one JSON document (`Metadata API`,
GET /metadata/v1.json). DigitalOcean gives the keys to root; here the `account` gets them.
A Droplet that was created with a password got it by mail, and it is not told here.
"""

from __future__ import annotations

from guestseal.firstboot.json_document import DocumentSource

PATH = "/metadata/v1.json"


class DigitalOcean(DocumentSource):
    """The link-local metadata service, as one document."""

    name = "digitalocean"
    urls = ("http://169.254.169.254",)
    path = PATH
    instance_ids = ("droplet_id",)
    # Keys are a list; of older Droplets one text (cloud-init's fixtures of DataSourceDigitalOcean).


SOURCE = DigitalOcean
