"""Logins of cloud tools in every home; settings beside them stay."""

from __future__ import annotations

from support.operation_cases import ALPINE, DEBIAN, REDHAT, SUSE, Case
from support.trees import Dir, File

ANN = (1000, 1000)
PASSWD = {"/etc/passwd": File("root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/srv/people/ann:/bin/sh\n")}
TOKEN = File("token of the template's author\n", 0o600)
LOGINS = (
    *(".aws/credentials", ".aws/cli/cache/1.json", ".aws/sso/cache/2.json", ".aws/boto/cache/3.json"),
    *(".aws/login/cache/4.json", ".azure/accessTokens.json", ".azure/azureProfile.json", ".azure/msal_token_cache.bin"),
    *(".azure/msal_http_cache.bin", ".azure/service_principal_entries.json", ".Azure/AzureRmContext.json"),
    *(".Azure/TokenCache.dat", ".Azure/msal.cache", ".config/gcloud/credentials.db", ".config/gcloud/access_tokens.db"),
    *(".config/gcloud/legacy_credentials/ann/adc.json", ".config/gcloud/application_default_credentials.json"),
    *(".config/gcloud/logs/2024/1.log", ".boto", ".s3cfg", ".oci/config", ".oci/key.pem", ".config/doctl/config.yaml"),
    *(".config/hcloud/cli.toml", ".config/linode-cli", ".aliyun/config.json", ".config/scw/config.yaml"),
    *(
        ".config/openstack/secure.yaml",
        ".terraform.d/credentials.tfrc.json",
        ".pulumi/credentials.json",
        ".vault-token",
    ),
)
SETTINGS = {
    f"/root/{name}": File("region = eu-west-1\n")
    for name in (
        *(
            ".aws/config",
            ".azure/config",
            ".config/gcloud/configurations/config_default",
            ".config/openstack/clouds.yaml",
        ),
        *(".terraform.d/checkpoint_cache", ".pulumi/bin/pulumi", "credentials", ".awsome/credentials"),
    )
}
EMPTIED = {f"/root/{name}": Dir() for name in (".Azure", ".aws/cli", ".aws/sso", ".aws/boto", ".aws/login")}

CASES = (
    Case("every tool", DEBIAN, {**{f"/root/{name}": TOKEN for name in LOGINS}, **SETTINGS}, {**SETTINGS, **EMPTIED}),
    Case(
        "other homes",
        REDHAT,
        {
            **PASSWD,
            "/srv/people/ann": Dir(0o700, ANN),
            "/srv/people/ann/.aws/credentials": File("[default]\n", 0o600, ANN),
            "/etc/skel/.s3cfg": TOKEN,
            "/opt/.s3cfg": TOKEN,
        },
        {
            **PASSWD,
            "/srv/people/ann": Dir(0o700, ANN),
            "/srv/people/ann/.aws": Dir(),
            "/etc/skel": Dir(),
            "/opt/.s3cfg": TOKEN,
        },
    ),
    Case("settings alone", SUSE, SETTINGS),
    Case("no tools", ALPINE, {"/root/.profile": File("PATH=/bin\n")}),
)
