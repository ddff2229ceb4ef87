import { useEffect, useState, type FormEvent } from "react";
import { get, post, Refusal, seg } from "../api";
import { go } from "../lib/route";
import { begin } from "../state";
import { Mark } from "./SignIn";

interface Invited {
  name?: string | null;
  email?: string | null;
  role?: string | null;
}

/** What an invitation opens: choosing a name and a password. */
export default function Invite({ token }: { token: string }) {
  const [invited, setInvited] = useState<Invited | null>(null);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    get<Invited>(`/invites/${seg(token)}`).then(
      (read) => {
        setInvited(read ?? {});
        setName(read?.name ?? "");
        setEmail(read?.email ?? "");
      },
      (problem: unknown) => setWrong(problem instanceof Refusal ? problem.message : String(problem)),
    );
  }, [token]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      await post(`/invites/${seg(token)}`, { name: name.trim(), email: email.trim(), password });
    } catch (problem) {
      setWrong(problem instanceof Refusal ? problem.message : String(problem));
      setBusy(false);
      return;
    }
    go("/desk/inbox/mine", true);
    await begin();
  }

  return (
    <main className="gate">
      <div className="gate-card">
        <Mark />
        <h1>Welcome to the desk</h1>
        {wrong && (
          <p className="wrong" id="wrong" role="alert">
            {wrong}
          </p>
        )}
        {invited && (
          <form onSubmit={(event) => void submit(event)}>
            {invited.role && <p className="hint">You are invited as {invited.role.toLowerCase()}.</p>}
            <label htmlFor="name">Name</label>
            <input id="name" autoComplete="name" required value={name} onChange={(event) => setName(event.target.value)} />
            <label htmlFor="email">Email</label>
            <input
              id="email"
              type="email"
              autoComplete="username"
              required
              readOnly={Boolean(invited.email)}
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
            <label htmlFor="password">Password</label>
            <input
              id="password"
              type="password"
              autoComplete="new-password"
              required
              minLength={12}
              aria-describedby="password-hint"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
            <p className="hint" id="password-hint">
              At least twelve characters.
            </p>
            <button type="submit" className="primary block" disabled={busy}>
              {busy ? "One moment…" : "Create account"}
            </button>
          </form>
        )}
        {!invited && !wrong && <p role="status">Loading…</p>}
      </div>
    </main>
  );
}
