import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { normalEmail } from '../accounts/email.js';
import { isPassword } from '../accounts/passwords.js';
import { UserEntity } from '../accounts/user.entity.js';

@Injectable()
export class VerifyPassword {
  constructor(private readonly database: Database) {}

  async run(email: string, password: string): Promise<{ userId: string } | null> {
    const user = await this.database.read.findOneBy(UserEntity, { email: normalEmail(email) });
    return (await isPassword(user?.passwordHash ?? null, password)) && user ? { userId: user.userId } : null;
  }
}
