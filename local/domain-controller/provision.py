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

REANIMATE_TOMBSTONES = "45ec5156-db7e-47bb-b53f-dbeb2d03c40f"

# Least privilege for a writer, on each of its places and below (reference/ad-ldap.md D.2). It covers moves between them: delete child
# here, create child there, write of cn and name.
WRITER_ACES = (
    f"(OA;CI;CCDC;{USER};;%(sid)s)(OA;CI;CCDC;{GROUP};;%(sid)s)"
    f"(OA;CIIO;RPWPLCRC;;{USER};%(sid)s)(OA;CIIO;RPWPLCRC;;{GROUP};%(sid)s)"
    f"(OA;CIIO;CR;{RESET_PASSWORD};{USER};%(sid)s)"
)

# To see deleted entries (on their container, and inherited by them) and to bring them back (on the domain).
LISTER_ACE = "(A;CI;RPLC;;;%(sid)s)"
RESTORER_ACE = f"(OA;;CR;{REANIMATE_TOMBSTONES};;%(sid)s)"

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

# From the schema of Exchange; the last five came later and have numbers of their own.
EXTENSION_OIDS = [423 + index for index in range(10)] + [599, 600, 601, 602, 603]

EXTENSION_LDIF = """
dn: CN=ms-Exch-Extension-Attribute-%(number)d,%(schema)s
objectClass: attributeSchema
cn: ms-Exch-Extension-Attribute-%(number)d
lDAPDisplayName: extensionAttribute%(number)d
attributeID: 1.2.840.113556.1.2.%(oid)d
attributeSyntax: 2.5.5.12
oMSyntax: 64
isSingleValued: TRUE
rangeLower: 1
rangeUpper: 1024
isMemberOfPartialAttributeSet: TRUE
systemOnly: FALSE
"""

CLASS_LDIF = """
dn: CN=Mail-Recipient,%(schema)s
changetype: modify
add: mayContain
mayContain: msDS-ExternalDirectoryObjectId
"""


def extend_schema(samdb):
    schema = str(samdb.get_schema_basedn())
    extensions = [{"schema": schema, "number": number, "oid": oid} for number, oid in enumerate(EXTENSION_OIDS, 1)]
    samdb.transaction_start()
    samdb.add_ldif(EXTERNAL_ID_LDIF % {"schema": schema})
    for extension in extensions:
        samdb.add_ldif(EXTENSION_LDIF % extension)
    samdb.transaction_commit()
    samdb.set_schema_update_now()
    may_contain = ["mayContain: extensionAttribute%(number)d" % extension for extension in extensions]
    samdb.modify_ldif(CLASS_LDIF % {"schema": schema} + "\n".join(may_contain) + "\n")
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


def grant(samdb, dn, aces, domain_sid):
    """Adds ACEs before the inherited ones and leaves the rest of the DACL as it is."""
    controls = ["sd_flags:1:%d" % security.SECINFO_DACL, "show_deleted:1"]
    found = samdb.search(dn, ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"], controls=controls)
    sddl = ndr_unpack(security.descriptor, found[0]["nTSecurityDescriptor"][0]).as_sddl(domain_sid)
    head, bracket, tail = sddl.partition("(")
    wanted = security.descriptor.from_sddl(head + aces + bracket + tail, domain_sid)
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
    for dn in asked["written"]:
        grant(samdb, dn, WRITER_ACES % {"sid": service_sid}, domain_sid)
    grant(samdb, "CN=Deleted Objects," + asked["baseDn"], LISTER_ACE % {"sid": service_sid}, domain_sid)
    grant(samdb, asked["baseDn"], RESTORER_ACE % {"sid": service_sid}, domain_sid)
    samdb.transaction_commit()
    json.dump({"serviceSid": service_sid, "domainSid": str(domain_sid)}, sys.stdout)


main()
