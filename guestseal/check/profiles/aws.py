"""Amazon EC2, images for AWS Marketplace or shared with everybody

Machines have NVMe or Xen disks and ENA cards, and boot with a BIOS or UEFI. What is shared with everybody
has no password, no authorized key, no login by password over SSH and no release past its end;
AWS scans for them and refuses the image. Source: AWS Marketplace seller guide, "AMI-based product
requirements"; Amazon EC2 user guide, "Recommendations for creating shared Linux AMIs".
"""

from guestseal.check.profile import Profile, Severity

PROFILE = Profile(
    "aws",
    severities={"network": Severity.FAIL, "end-of-life": Severity.FAIL, "pending-updates": Severity.WARN},
    agents=("amazon-ssm-agent",),
    disks=("nvme",),
    network_cards=("ena",),
    datasources=("Ec2",),
    operations="public-image",
)
