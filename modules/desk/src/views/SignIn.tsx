import { useState, type FormEvent } from "react";
import { Refusal, type SignedOut } from "../api";
import { signIn } from "../state";

export function SignIn({ out }: { out: SignedOut }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const then = location.pathname + location.search;
  const refused = new URLSearchParams(location.search).get("refused");

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      await signIn(email.trim(), password);
    } catch (problem) {
      setWrong(problem instanceof Refusal ? problem.message : String(problem));
      setBusy(false);
    }
  }

  return (
    <main className="gate">
      <div className="gate-card">
        <Mark />
        <h1>Sign in to the desk</h1>
        {refused && (
          <p className="wrong" role="alert">
            {refused}
          </p>
        )}
        {out.oidc && (
          <a className="button primary block" href={`/desk/oidc/login?then=${encodeURIComponent(then)}`}>
            Sign in with {out.oidc.name}
          </a>
        )}
        {out.oidc && out.local && <p className="or">or</p>}
        {out.local && (
          <form onSubmit={(event) => void submit(event)}>
            <label htmlFor="email">Email</label>
            <input
              id="email"
              type="email"
              name="email"
              autoComplete="username"
              required
              autoFocus
              value={email}
              aria-describedby={wrong ? "wrong" : undefined}
              onChange={(event) => setEmail(event.target.value)}
            />
            <label htmlFor="password">Password</label>
            <input
              id="password"
              type="password"
              name="password"
              autoComplete="current-password"
              required
              value={password}
              aria-describedby={wrong ? "wrong" : undefined}
              onChange={(event) => setPassword(event.target.value)}
            />
            {wrong && (
              <p className="wrong" id="wrong" role="alert">
                {wrong}
              </p>
            )}
            <button type="submit" className={out.oidc ? "block" : "primary block"} disabled={busy}>
              {busy ? "Signing in…" : "Sign in"}
            </button>
          </form>
        )}
        {!out.local && !out.oidc && <p>No way to sign in is set up. Ask who runs Parley.</p>}
      </div>
    </main>
  );
}

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M9 24V9h8.200a5.400 5.400 0 0 1 0 10.800H13V24z" />
      <circle cx="17.200" cy="14.400" r="1.600" />
    </svg>
  );
}
