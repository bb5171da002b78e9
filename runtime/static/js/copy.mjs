// A button with data-copy puts its text on the clipboard and says so by its mark.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.querySelector("use")?.setAttribute("href", "#i-check");
  });
}
