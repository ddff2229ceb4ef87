import { createRoot } from "react-dom/client";
import { App } from "./App";
import { theme, wear } from "./lib/theme";
import { begin } from "./state";
import "./styles/desk.css";

wear(theme());
createRoot(document.getElementById("desk")!).render(<App />);
void begin();
