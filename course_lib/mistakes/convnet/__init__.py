"""Wrong parts (`parts`), losses (`softmax`), networks (`network`) and maps (`occlusion`)."""
