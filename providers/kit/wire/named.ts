import { ProviderError } from '#providers/contract.ts';

/** Runs a call; an error of it names the call in the provider's words (`ec2:DescribeInstances`), and the page where it has pages. */
export async function named<T>(action: string, run: () => Promise<T>, page: number | null = null): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof ProviderError ? error.of(action, page) : error;
  }
}
