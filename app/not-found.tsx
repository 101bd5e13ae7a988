import Link from 'next/link';

export default function NotFound() {
  return (
    <main className="page">
      <div className="state-page">
        <h1>There is no such page</h1>
        <p>The address leads nowhere in Muster.</p>
        <Link href="/" prefetch={false} className="button">
          To the fleet
        </Link>
      </div>
    </main>
  );
}
