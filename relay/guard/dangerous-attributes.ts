/** Attributes that no configuration may add, because they give rights, prove who somebody is, route mail or run code. */
const dangerous = new Set(
  [
    // Who somebody is, and our marks.
    `
      accountNameHistory adminDescription cn distinguishedName gidNumber legacyExchangeDN mailNickname name
      objectCategory objectClass objectGUID objectSid primaryGroupID proxiedObjectName rid rIDSetReferences
      sAMAccountName sAMAccountType securityIdentifier servicePrincipalName sIDHistory uid uidNumber
      userPrincipalName x500uniqueIdentifier
    `,
    // Rights, and what refers to others.
    `
      adminCount authorizedService controlAccessRights directReports groupMembershipSAM groupPriority
      groupsToIgnore groupType host ipHostNumber managedBy managedObjects manager member memberNisNetgroup memberOf
      memberUid nonSecurityMember nonSecurityMemberBL nTGroupMembers nTSecurityDescriptor owner ownerBL tokenGroups
    `,
    // Passwords, keys and certificates.
    `
      altSecurityIdentities attributeCertificateAttribute cACertificate currentValue dBCSPwd initialAuthIncoming
      initialAuthOutgoing ipaSshPubKey jpegPhoto lmPwdHistory ntPwdHistory pekList photo priorValue privateKey
      publicKey pwdLastSet sshPublicKey sshPublicKeys supplementalCredentials thumbnailLogo thumbnailPhoto
      unicodePwd unixUserPassword userCert userCertificate userPassword userPKCS12 userSMIMECertificate x509Cert
    `,
    // Whether, where and with what somebody signs in.
    `
      accountExpires bootFile bootParameter codePage defaultClassStore desktopProfile dNSHostName dynamicLDAPServer
      gecos homeDirectory homeDrive ipsecPolicyReference lockoutTime loginShell logonHours logonWorkstation
      maxStorage networkAddress operatorCount otherLoginWorkstations preferredOU profilePath scriptPath
      terminalServer unixHomeDirectory userAccountControl userParameters userSharedFolder userSharedFolderOther
      userWorkstations
    `,
    // Exchange: where mail goes, who may send it and for whom.
    `
      altRecipient altRecipientBL authOrig authOrigBL autoReply autoReplyMessage deletedItemFlags delivContLength
      delivEITs deliverAndRedirect delivExtContTypes enabledProtocols expirationTime folderPathname formData
      forwardingAddress garbageCollPeriod heuristics hideDLMembership homeMDB homeMTA importedFrom internetEncoding
      kMServer mAPIRecipient oOFReplyToOriginator pOPCharacterSet pOPContentFormat protocolSettings proxyAddresses
      publicDelegates publicDelegatesBL replicatedObjectVersion replicationSensitivity replicationSignature
      reportToOriginator reportToOwner securityProtocol showInAddressBook submissionContLength targetAddress
      textEncodedORAddress unauthOrig unauthOrigBL unmergedAtts
    `,
    // The directory's own.
    `
      createTimeStamp dSCorePropagationData entryTTL extensionData extensionName flags instanceType
      isCriticalSystemObject isDeleted isRecycled lastKnownParent modifyTimeStamp partialAttributeSet
      possibleInferiors serverReferenceBL showInAdvancedViewOnly systemFlags uSNChanged uSNCreated whenChanged
      whenCreated
    `,
  ]
    .join(' ')
    .trim()
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);

/**
 * Whole families: Exchange, delegation and key credentials (msDS-), LAPS, dial-in, terminal services, source anchors; Kerberos, Samba,
 * shadow passwords, SSH keys, sudo rules and NIS maps; enrolment; stores and submit rights of Exchange's older names.
 */
const dangerousFamily =
  /^(ms|rtc|fsmo|gp[cl]|repl|kerberos|krb|trust|dns|samba|shadow|ssh|sudo|nis|pki|mdb|dlmem)/i;

/** Whether an attribute is never written, whatever anybody configures. LDAP names are compared without case. */
export function isDangerous(name: string): boolean {
  return dangerous.has(name.toLowerCase()) || dangerousFamily.test(name);
}
