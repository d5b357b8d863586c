"""Creates on-premises users and groups on the database files of a domain, running or not.

The files are shared with the server under Samba's own locks, as samba-tool does on a domain controller. A transaction for every
few entries is much faster than an LDAP add each; a transaction for all of them is slower, as its cost grows with the square of
its size (2,000 users: 2.6 s in hundreds, 44 s at once). But each transaction also writes whole indexes, which grow with the domain: the
best size is about twice the square root of the entries that are there. JSON on stdin, {"sids": {sAMAccountName: SID}} on stdout.
"""

import json
import sys

import ldb
from samba import param
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_unpack
from samba.samdb import SamDB

UNIVERSAL_SECURITY = "-2147483640"
OPTIONAL = ("givenName", "sn", "department", "adminDescription", "msDS-ExternalDirectoryObjectId")


PER_TRANSACTION = 50


def in_transactions(samdb, items, act, size):
    for start in range(0, len(items), size):
        samdb.transaction_start()
        for item in items[start:start + size]:
            act(item)
        samdb.transaction_commit()


def child_dn(samdb, name, parent):
    dn = ldb.Dn(samdb, parent)
    dn.add_child("CN=x")
    dn.set_component(0, "CN", name)
    return dn


def add_user(samdb, user, parent):
    dn = child_dn(samdb, user["sAMAccountName"], parent)
    entry = {
        "dn": dn,
        "objectClass": "user",
        "sAMAccountName": user["sAMAccountName"],
        "userPrincipalName": user["userPrincipalName"],
        "displayName": user["displayName"],
        "userAccountControl": "512",
    }
    entry.update({name: user[name] for name in OPTIONAL if user.get(name)})
    samdb.add(entry)
    return dn


def add_group(samdb, group, parent):
    dn = child_dn(samdb, group["sAMAccountName"], parent)
    samdb.add({
        "dn": dn,
        "objectClass": "group",
        "sAMAccountName": group["sAMAccountName"],
        "displayName": group["displayName"],
        "groupType": UNIVERSAL_SECURITY,
    })
    return dn


def add_members(samdb, dn, members):
    if not members:
        return
    change = ldb.Message(dn)
    change["member"] = ldb.MessageElement([str(member) for member in members], ldb.FLAG_MOD_ADD, "member")
    samdb.modify(change)


def sid_of(samdb, dn):
    found = samdb.search(dn, ldb.SCOPE_BASE, attrs=["objectSid"])
    return str(ndr_unpack(security.dom_sid, found[0]["objectSid"][0]))


def main():
    asked = json.load(sys.stdin)
    lp = param.LoadParm()
    lp.load(asked["smbConf"])
    samdb = SamDB(url=lp.private_path("sam.ldb"), session_info=system_session(), lp=lp)
    made = {}

    def make_user(user):
        made[user["sAMAccountName"]] = add_user(samdb, user, asked["usersOu"])

    def make_group(group):
        made[group["sAMAccountName"]] = add_group(samdb, group, asked["groupsOu"])

    size = asked.get("perTransaction", PER_TRANSACTION)
    in_transactions(samdb, asked["users"], make_user, size)
    in_transactions(samdb, asked["groups"], make_group, size)
    for group in asked["groups"]:
        add_members(samdb, made[group["sAMAccountName"]], [made[name] for name in group["members"]])
    sids = {name: sid_of(samdb, dn) for name, dn in made.items()}
    json.dump({"sids": sids}, sys.stdout)


main()
