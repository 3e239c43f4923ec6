/** An amount in billionths of a dollar as people read it: `$1,234.56`, below ten cents with up to nine decimals. */
export function formatDollars(nanoDollars: string): string {
  const amount = BigInt(nanoDollars);
  const small = amount < 100_000_000n && amount > 0n;
  const cents = (amount + 5_000_000n) / 10_000_000n;
  const [whole, decimals] = small ? ['0', amount.toString().padStart(9, '0').replace(/0+$/, '')] : [(cents / 100n).toString(), (cents % 100n).toString().padStart(2, '0')];
  return `$${whole.replace(/\B(?=(?:\d{3})+$)/g, ',')}.${decimals}`;
}
