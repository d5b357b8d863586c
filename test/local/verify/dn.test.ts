import { describe, expect, it } from 'vitest';
import { dnKey, dnParts, isBelow, isChildOf } from '../../../local/verify/dn.ts';
import { sidText } from '../../../local/verify/sid-text.ts';

describe('names of entries', () => {
  it('are equal however they are escaped', () => {
    expect(dnParts('CN=a\\2Cb\\+c,OU=Cloud,DC=x')).toEqual(['cn=a,b+c', 'ou=cloud', 'dc=x']);
    expect(dnKey('cn=J\\C3\\B6rg,dc=x')).toBe(dnKey('CN=Jörg,DC=X'));
    expect(dnKey('CN=a\\\\,DC=x')).toBe(dnKey('CN=a\\5C,DC=x'));
  });

  it('tell children from what is deeper', () => {
    expect(isChildOf('CN=a,OU=Cloud,DC=x', 'ou=cloud,dc=x')).toBe(true);
    expect(isChildOf('CN=a,OU=Sub,OU=Cloud,DC=x', 'ou=cloud,dc=x')).toBe(false);
    expect(isBelow('CN=a,OU=Sub,OU=Cloud,DC=x', 'ou=cloud,dc=x')).toBe(true);
    expect(isBelow('OU=Cloud,DC=x', 'ou=cloud,dc=x')).toBe(false);
  });

  it('has a text for a SID', () => {
    const bytes = Buffer.from('010500000000000515000000' + '01ca9a3b02ca9a3b03ca9a3b51040000', 'hex');
    expect(sidText(bytes)).toBe('S-1-5-21-1000000001-1000000002-1000000003-1105');
  });
});
