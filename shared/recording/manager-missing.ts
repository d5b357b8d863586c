/** Among the notices of a user's row: the manager that its last command named had no entry. The recorder's own, no relay says it. */
export const managerMissing = 'manager-missing';
