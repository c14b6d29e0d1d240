export interface DemoLogin {
  tenant: string;
  slug: string;
  locale: string;
  email: string;
  password: string;
  role: string;
}

export async function seedDemo(_deps: unknown): Promise<DemoLogin[]> {
  return [];
}
