document.getElementById("desk")!.textContent = "Parley";
