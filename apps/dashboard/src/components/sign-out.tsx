'use client';

import { LogOut } from 'lucide-react';
import { Button } from './ui/button';

export function SignOut() {
  const signOut = async () => {
    await fetch('/api/auth/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    window.location.href = '/sign-in';
  };
  return (
    <Button look="quiet" size="small" onClick={signOut} aria-label="Sign out">
      <LogOut />
    </Button>
  );
}
