/** What kinds of object a tenant holds; the last three exist only so that groups can have "other" members. */
export const objectTypes = ['user', 'group', 'device', 'servicePrincipal', 'orgContact'] as const;
export type ObjectType = (typeof objectTypes)[number];

export type Properties = Readonly<Record<string, unknown>>;

/**
 * One object, live or soft-deleted. Never changed in place: every change makes a new one, so that an older state can be
 * kept and shown (lagging replicas) without copying.
 */
export type DirectoryObject = {
  readonly id: string;
  readonly type: ObjectType;
  /** Position of the creation in the journal; lists are in this order. */
  readonly createdSeq: number;
  /** ISO time; absent while live. */
  readonly deletedAt?: string;
  readonly properties: Properties;
};

export const isLive = (object: DirectoryObject | undefined): object is DirectoryObject =>
  object !== undefined && object.deletedAt === undefined;
