"""Remove logins of cloud command-line tools

Whoever gets a clone would get the accounts of whoever made the template: keys, tokens and
cached sessions of AWS, Azure, Google Cloud, OCI, DigitalOcean, Hetzner, Linode, Alibaba, Scaleway,
Google's and S3's older tools, OpenStack, Terraform, Pulumi and Vault. They are overwritten.

Kept by the profile private-template, where a service may log in with what was put there. Left
on purpose: settings that hold no secret (.aws/config, gcloud's configurations, .azure/config);
where they do, and in files that hold other things as well, see user-secrets.
"""

from __future__ import annotations

from guestseal.seal.operation import Kind, Operation, Profile

AZURE = ("accessTokens", "azureProfile", "msal_token_cache", "msal_http_cache", "service_principal_entries")

NAMES = (
    *(".aws/credentials", ".aws/cli/cache", ".aws/sso/cache", ".aws/boto/cache", ".aws/login/cache"),
    *(f".azure/{name}.*" for name in AZURE),
    *(".Azure/AzureRmContext.json", ".Azure/TokenCache.dat", ".Azure/msal.cache*"),
    *(".config/gcloud/credentials.db*", ".config/gcloud/access_tokens.db*", ".config/gcloud/legacy_credentials"),
    *(".config/gcloud/application_default_credentials.json", ".config/gcloud/logs"),
    *(".boto", ".s3cfg", ".oci", ".config/doctl", ".config/hcloud", ".config/linode-cli", ".aliyun", ".config/scw"),
    *(".config/openstack/secure.yaml", ".terraform.d/credentials.tfrc.json", ".pulumi/credentials.json"),
    ".vault-token",
)

OPERATION = Operation(kind=Kind.SECRET, remove=tuple(f"{{home}}/{name}" for name in NAMES), profiles=(Profile.PUBLIC,))
