document.title = "Desk, which is here";
