/** App settings, which the host keeps in its environment. */
export type AppSettings = NodeJS.ProcessEnv;

/** Replaces every `%NAME%` by the app setting of that name. Throws where a setting is missing. */
export function resolveSettings(text: string, settings: AppSettings): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined || value === '')
      throw new Error(`the app setting ${name} ("%${name}%") is missing`);
    return value;
  });
}

/** How a trigger reaches Service Bus: a connection string, or a namespace with the managed identity. */
export type ServiceBusConnection =
  | { type: 'connectionString'; connectionString: string }
  | { type: 'identity'; fullyQualifiedNamespace: string; clientId: string | undefined };

/**
 * Resolves a binding's `connection`: the setting of that name (or with the prefix AzureWebJobs) holds a connection string,
 * or `<name>__fullyQualifiedNamespace` (and `<name>__clientId`) name a namespace. (cloud-protocols.md F.4)
 */
export function resolveConnection(name: string, settings: AppSettings): ServiceBusConnection {
  const connectionString = settings[name] ?? settings[`AzureWebJobs${name}`];
  if (connectionString !== undefined && connectionString !== '') {
    return { type: 'connectionString', connectionString };
  }
  const fullyQualifiedNamespace = settings[`${name}__fullyQualifiedNamespace`];
  if (fullyQualifiedNamespace === undefined || fullyQualifiedNamespace === '') {
    throw new Error(`neither ${name} nor ${name}__fullyQualifiedNamespace is set`);
  }
  return { type: 'identity', fullyQualifiedNamespace, clientId: settings[`${name}__clientId`] };
}
