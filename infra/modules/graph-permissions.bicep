metadata description = 'What the Functions app may read in Microsoft Graph. Whoever deploys this needs the right to grant app roles (Privileged Role Administrator); docs/deploy.md has the script for tenants that separate the duty.'

extension microsoftGraphV1

@description('Object id of the service principal of the Functions app.')
param principalId string

@description('Whether it may read memberships that are hidden. Without this right such groups look empty.')
param readHiddenMemberships bool

var appRoles = {
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214'
  'Group.Read.All': '5b567255-7703-4780-807c-7be8301ae99b'
  'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6'
  'Member.Read.Hidden': '658aa5d8-239f-45c4-aa12-864f4fc7e490'
}
var granted = filter(items(appRoles), role => role.key != 'Member.Read.Hidden' || readHiddenMemberships)

resource graph 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0000-c000-000000000000'
}

resource grant 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for role in granted: {
    appRoleId: role.value
    principalId: principalId
    resourceId: graph.id
  }
]
