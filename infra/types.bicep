metadata description = 'Types that several modules share.'

@export()
@description('Tags by name.')
type tags = {
  *: string
}

@export()
@description('Settings of the Functions app by name.')
type settings = {
  *: string
}

@export()
@description('Existing private DNS zones by what they resolve, as resource ids. One that is left out is not written to: the names must then be resolved otherwise.')
type privateDnsZones = {
  @description('privatelink.servicebus.windows.net')
  serviceBus: string?
  @description('privatelink.blob.core.windows.net')
  blob: string?
  @description('privatelink.table.core.windows.net')
  table: string?
}

@export()
@description('What an identity may do with a queue.')
type grantOnQueue = {
  queue: string
  role: 'receiver' | 'sender'
}
