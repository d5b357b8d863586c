"""Makes a domain in the folder of a smb.conf and everything in it that the local stack needs.

Runs on the interpreter of the distribution, whose Samba bindings write the database files directly: no server is running
yet. Reads one JSON object on stdin (passwords do not belong on a command line), prints one JSON object on stdout.
"""

import base64
import json
import logging
import sys

import ldb
from samba import param
from samba.auth import system_session
from samba.dcerpc import security
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.ndr import ndr_pack, ndr_unpack
from samba.provision import provision
from samba.samdb import SamDB

USER = "bf967aba-0de6-11d0-a285-00aa003049e2"
GROUP = "bf967a9c-0de6-11d0-a285-00aa003049e2"
RESET_PASSWORD = "00299570-246d-11d0-a768-00aa006e0529"

# Least privilege for a writer, on the destination and below (reference/ad-ldap.md D.2).
WRITER_ACES = (
    f"(OA;CI;CCDC;{USER};;%(sid)s)(OA;CI;CCDC;{GROUP};;%(sid)s)"
    f"(OA;CIIO;RPWPLCRC;;{USER};%(sid)s)(OA;CIIO;RPWPLCRC;;{GROUP};%(sid)s)"
    f"(OA;CIIO;CR;{RESET_PASSWORD};{USER};%(sid)s)"
)

# From the Windows Server 2016 schema, which Samba 4.17 does not ship (reference/ad-ldap.md G.4).
EXTERNAL_ID_LDIF = """
dn: CN=ms-DS-External-Directory-Object-Id,%(schema)s
objectClass: attributeSchema
cn: ms-DS-External-Directory-Object-Id
lDAPDisplayName: msDS-ExternalDirectoryObjectId
attributeID: 1.2.840.113556.1.4.2310
attributeSyntax: 2.5.5.12
oMSyntax: 64
isSingleValued: TRUE
rangeUpper: 256
searchFlags: 9
isMemberOfPartialAttributeSet: TRUE
schemaIDGUID:: kL8pva1m4UCIexDfBwQZpg==
attributeSecurityGUID:: hri1d0qU0RGuvQAA+ANnwQ==
systemOnly: FALSE
"""

EXTERNAL_ID_CLASS_LDIF = """
dn: CN=Mail-Recipient,%(schema)s
changetype: modify
add: mayContain
mayContain: msDS-ExternalDirectoryObjectId
"""


def extend_schema(samdb):
    names = {"schema": str(samdb.get_schema_basedn())}
    samdb.add_ldif(EXTERNAL_ID_LDIF % names)
    samdb.set_schema_update_now()
    samdb.modify_ldif(EXTERNAL_ID_CLASS_LDIF % names)
    samdb.set_schema_update_now()


def add_unit(samdb, dn):
    samdb.add({"dn": dn, "objectClass": "organizationalUnit"})


def add_writer(samdb, asked, domain):
    """The service account: an ordinary user outside the destination, whose password never expires."""
    samdb.add({
        "dn": asked["serviceDn"],
        "objectClass": "user",
        "sAMAccountName": asked["serviceSam"],
        "userPrincipalName": asked["serviceName"],
        "unicodePwd": f'"{asked["servicePassword"]}"'.encode("utf-16-le"),
        "userAccountControl": "66048",
    })
    found = samdb.search(asked["serviceDn"], ldb.SCOPE_BASE, attrs=["objectSid"])
    return str(ndr_unpack(security.dom_sid, found[0]["objectSid"][0]))


def grant(samdb, dn, domain_sid, sid):
    """Adds the writer's ACEs before the inherited ones and leaves the rest of the DACL as it is."""
    controls = ["sd_flags:1:%d" % security.SECINFO_DACL]
    found = samdb.search(dn, ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"], controls=controls)
    sddl = ndr_unpack(security.descriptor, found[0]["nTSecurityDescriptor"][0]).as_sddl(domain_sid)
    head, bracket, tail = sddl.partition("(")
    wanted = security.descriptor.from_sddl(head + WRITER_ACES % {"sid": sid} + bracket + tail, domain_sid)
    change = ldb.Message(ldb.Dn(samdb, dn))
    change["sd"] = ldb.MessageElement(ndr_pack(wanted), ldb.FLAG_MOD_REPLACE, "nTSecurityDescriptor")
    samdb.modify(change, controls)


def add_suffixes(samdb, suffixes):
    if not suffixes:
        return
    change = ldb.Message(ldb.Dn(samdb, "CN=Partitions," + str(samdb.get_config_basedn())))
    change["suffixes"] = ldb.MessageElement(suffixes, ldb.FLAG_MOD_REPLACE, "uPNSuffixes")
    samdb.modify(change)


def main():
    asked = json.load(sys.stdin)
    log = logging.getLogger("provision")
    log.setLevel(logging.ERROR)
    lp = param.LoadParm()
    lp.load(asked["smbConf"])
    made = provision(
        log, system_session(), smbconf=asked["smbConf"], lp=lp, serverrole="active directory domain controller",
        realm=asked["realm"], domain=asked["workgroup"], hostname="dc", hostip=asked["address"],
        adminpass=asked["adminPassword"], dns_backend="NONE", dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2, use_rfc2307=False, useeadb=True,
    )
    samdb = SamDB(url=made.paths.samdb, session_info=system_session(), lp=lp)
    extend_schema(samdb)
    # A fresh handle has the new attribute and its index.
    samdb = SamDB(url=made.paths.samdb, session_info=system_session(), lp=lp)
    domain_sid = security.dom_sid(samdb.get_domain_sid())
    samdb.transaction_start()
    add_suffixes(samdb, asked["upnSuffixes"])
    for dn in asked["units"]:
        add_unit(samdb, dn)
    service_sid = add_writer(samdb, asked, str(domain_sid))
    grant(samdb, asked["destination"], domain_sid, service_sid)
    samdb.transaction_commit()
    json.dump({"serviceSid": service_sid, "domainSid": str(domain_sid)}, sys.stdout)


main()
